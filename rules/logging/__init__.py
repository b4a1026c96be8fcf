"""What happens is recorded, kept and watched."""
