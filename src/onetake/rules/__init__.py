"""The law: rule tables with sources and confidence, and what a plan may conclude from them."""
