"""What people read, language by language."""
