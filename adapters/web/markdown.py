"""Model text to HTML that is safe to put into a page."""

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

LINK_ATTRIBUTES = (("target", "_blank"), ("rel", "noopener noreferrer nofollow"))
_SCHEMES = ("https://", "http://")
_HEADING = "h4"
"""Headings of an answer stand below the page's own, whatever level the model chose."""


class _Markdown(MarkdownIt):
    """CommonMark with tables, without raw HTML and images, linking to absolute web addresses alone."""

    def __init__(self) -> None:
        super().__init__("commonmark", {"html": False, "breaks": True})
        self.enable(["table", "strikethrough"]).disable(["image", "html_block", "html_inline"])
        self.core.ruler.push("page", _fit_page)

    def validateLink(self, url: str) -> bool:  # noqa: N802 (the library's name for the hook)
        """Permit absolute http and https alone: nothing relative, so no answer can link into this page's own addresses."""
        return url.lower().startswith(_SCHEMES)


def render(text: str) -> str:
    """Return the HTML of Markdown text: no script, no image, no event attribute, links to http and https only."""
    return str(_Markdown().render(text))


def _fit_page(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = _HEADING
        alignment = token.attrs.pop("style", None)
        if alignment:  # the page permits no inline style
            token.attrSet("class", str(alignment).replace("text-align:", "align-"))
        for child in token.children or ():
            if child.type == "link_open":
                for name, value in LINK_ATTRIBUTES:
                    child.attrSet(name, value)
