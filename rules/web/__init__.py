"""Web applications are protected at the edge."""
