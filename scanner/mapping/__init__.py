"""How the provider's types become canonical: one module per service below `aws` and `oci`."""
