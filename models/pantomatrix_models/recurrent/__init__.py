"""CaMN and DisCo: their networks, their sessions, and the models that serve them."""
