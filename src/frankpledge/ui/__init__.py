"""The shared face of the web: base templates, components, widgets, static files."""
