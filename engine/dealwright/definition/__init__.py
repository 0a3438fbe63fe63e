"""Process files: text with positions, schema, references, soundness, model."""
