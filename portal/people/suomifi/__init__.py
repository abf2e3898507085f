"""Strong identification: an allauth provider for the Finnish Trust Network OpenID Connect profile."""
