"""The criteria language: parse, check against declared names, compile, explain."""
