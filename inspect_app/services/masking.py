"""How personal data is shown to those who have not asked for it: enough to tell two people apart, not to know them."""


def mask_name(name: str) -> str:
    """The family name and stars: 王小明 becomes 王**, "Ann Lee" becomes "A******"."""
    return name[:1] + "*" * (len(name) - 1)


def mask_document(number: str) -> str:
    """The first three and last two characters of a document number: 420***********09."""
    if len(number) <= 6:
        return "*" * len(number)
    return number[:3] + "*" * (len(number) - 5) + number[-2:]


def mask_phone(number: str) -> str:
    """The first three and last four digits of a phone number: 138****5678."""
    if len(number) <= 7:
        return "*" * len(number)
    return number[:3] + "*" * (len(number) - 7) + number[-4:]
