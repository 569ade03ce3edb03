"""The pass and the other signed papers that server and door exchange: the one leaf both share."""
