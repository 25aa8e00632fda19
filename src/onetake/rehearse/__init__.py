"""The campaign: what rehearsals tell of a person."""
