"""Bar: what stands above the question box, which static/filters.js fills."""

#: The limits that are chosen among the papers' own values, and what they are called.
CHOSEN = {"venue": "Venue", "category": "Category", "source": "Source", "author": "Author"}


def bar_html() -> str:
    """Return the place of the filters and of what is said there, and the choice of more."""
    kinds = "".join(
        f'<button type="button" class="aa-kind" value="{kind}">{name}</button>'
        for kind, name in {"date": "Date", **CHOSEN}.items()
    )
    return (
        '<p class="aa-said-here" role="status"></p>'
        '<div class="aa-filters"><ul class="aa-chosen" aria-label="Filters"></ul>'
        '<button type="button" class="aa-add-filter" aria-haspopup="dialog">+ Filter</button></div>'
        '<dialog class="aa-choices" aria-label="Filter the papers">'
        f'<div class="aa-kinds" role="group" aria-label="What to filter by">{kinds}</div>'
        '<div class="aa-choosing"></div>'
        '<button type="button" class="aa-close-choices" aria-label="Close">×</button></dialog>'
    )
