"""How it is used: the command line, the server and the web chat."""
