"""dealwright: sales processes as YAML, every deal run through them, every refusal explained."""
