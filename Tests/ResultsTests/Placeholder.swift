// Opened when it has something in it.
