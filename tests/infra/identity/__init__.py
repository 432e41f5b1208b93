"""Who is asking: keys of a provider, tokens, principals, and a sign-in at a real OpenID provider."""
