"""One woman, one client: which records are probably of one person. It proposes; people decide."""
