"""What the networks mean: where a resource is placed and which way leads out."""
