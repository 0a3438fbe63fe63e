"""A process as a picture: what is shown, and how Mermaid, Graphviz and SVG draw it."""

from dealwright.definition.diagram.dot import as_dot
from dealwright.definition.diagram.mermaid import as_mermaid
from dealwright.definition.diagram.picture import Arrow, Box, Line, Picture
from dealwright.definition.diagram.scene import picture_of
from dealwright.definition.diagram.svg import as_svg

__all__ = ["Arrow", "Box", "Line", "Picture", "as_dot", "as_mermaid", "as_svg", "picture_of"]
