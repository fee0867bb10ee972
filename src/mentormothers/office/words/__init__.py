"""How the office says things: days, states, contact, facts, findings. Field words, short and kind."""
