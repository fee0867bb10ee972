"""Push and pull with phones."""
