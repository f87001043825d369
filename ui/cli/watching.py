"""The commands that save questions, and that tell people by mail of new papers."""

from typing import Annotated

import typer

from ui.cli.options import (
    AsJson,
    Several,
    SeveralPapers,
    Since,
    Store,
    Until,
    filters_given,
)

watch = typer.Typer(no_args_is_help=True, help="Save questions, and follow what answers them.")
digest = typer.Typer(no_args_is_help=True, help="Tell people of new papers by mail.")


@watch.command("add", epilog='Example: assistant watch add "What is BM25?" --to ann@example.org')
def watch_add(
    question: Annotated[
        str | None, typer.Argument(help="The question, in quotes; none for new papers alone.")
    ] = None,
    to: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Whom the digest tells by mail.")
    ] = None,
    store: Store = None,
    since: Since = None,
    until: Until = None,
    venue: Several = None,
    category: Several = None,
    source: Several = None,
    author: Several = None,
    paper: SeveralPapers = None,
    json: AsJson = False,
) -> None:
    """Save a question: it gets a feed, and a place in the digest of whoever is told."""
    from ui.commands import watching

    if question is None and to is None:
        raise typer.BadParameter("give a QUESTION, or --to ADDRESS, or both")
    filters = filters_given(
        since=since,
        until=until,
        venue=venue,
        category=category,
        source=source,
        author=author,
        paper=paper,
    )
    watching.add(question, address=to, filters=filters, store=store, as_json=json)


@watch.command("list", epilog="Example: assistant watch list")
def watch_list(store: Store = None, json: AsJson = False) -> None:
    """Print the saved questions with their feeds, and who gets the digest."""
    from ui.commands import watching

    watching.show(store=store, as_json=json)


@watch.command("remove", epilog="Example: assistant watch remove ann@example.org")
def watch_remove(
    name: Annotated[str, typer.Argument(help="A saved question's id, or an address.")],
    store: Store = None,
    json: AsJson = False,
) -> None:
    """Forget a saved question, or an address and all that was sent to it."""
    from ui.commands import watching

    watching.remove(name, store=store, as_json=json)


@digest.command("preview", epilog="Example: assistant digest preview")
def digest_preview(
    html: Annotated[bool, typer.Option(help="Print the HTML that mail programs show.")] = False,
    store: Store = None,
) -> None:
    """Print the mails that would go out now; nothing is sent."""
    from ui.commands import watching

    watching.preview(html=html, store=store)


@digest.command("send", epilog="Example: assistant digest send")
def digest_send(store: Store = None, json: AsJson = False) -> None:
    """Send everybody the papers that came since their last digest; exit 1 where one fails.

    What is not taken by the mail server is sent the next time; what is, never again.
    """
    from ui.commands import watching

    raise typer.Exit(watching.send(store=store, as_json=json))
