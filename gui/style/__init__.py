"""How things look: theme, fonts, equations, icons, digits."""
