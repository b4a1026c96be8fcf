"""The canonical, cloud-neutral resources that rules speak of."""
