"""What goes wrong outside: hostile documents, servers that misbehave."""
