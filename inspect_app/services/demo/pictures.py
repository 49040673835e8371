"""Photos for the demo city, drawn and not taken: a shelf of goods, or a plate with a number on it."""

from io import BytesIO
from random import Random
from typing import Final

from PIL import Image, ImageDraw, ImageFilter, ImageFont

_SIZE: Final = (1280, 960)
_WALLS: Final = ((205, 201, 190), (186, 196, 201), (214, 208, 201), (176, 183, 172))
_GOODS: Final = (
    (58, 76, 104), (126, 62, 52), (70, 98, 80), (148, 122, 70), (94, 88, 104), (40, 44, 50), (168, 164, 158),
)  # fmt: skip
_METALS: Final = ((196, 198, 202), (172, 170, 160), (60, 62, 66), (146, 150, 156))

Colour = tuple[int, int, int]


def draw_shelf(dice: Random) -> bytes:
    """A photo (JPEG) of shelves with boxes and devices on them."""
    wall = dice.choice(_WALLS)
    picture = _ground(wall)
    pen = ImageDraw.Draw(picture)
    for row in range(3):
        floor = 300 + row * 300
        _fill_board(dice, pen, floor)
        pen.rectangle((0, floor, _SIZE[0], floor + 26), fill=_shade(wall, 0.55))
        pen.rectangle((0, floor + 26, _SIZE[0], floor + 40), fill=_shade(wall, 0.35))
    return _as_photo(dice, picture)


def draw_plate(dice: Random, kind: str, value: str) -> bytes:
    """A photo (JPEG) of a plate on which the kind of number and the number stand."""
    picture = _ground(dice.choice(_GOODS))
    metal = dice.choice(_METALS)
    ink = (24, 26, 28) if sum(metal) > 300 else (226, 228, 230)
    plate = Image.new("RGBA", (960, 380))
    pen = ImageDraw.Draw(plate)
    pen.rounded_rectangle((0, 0, 959, 379), radius=28, fill=(*metal, 255), outline=(*_shade(metal, 0.6), 255), width=8)
    for x, y in ((40, 40), (920, 40), (40, 340), (920, 340)):
        pen.ellipse((x - 14, y - 14, x + 14, y + 14), fill=(*_shade(metal, 0.5), 255))
    printable = "".join(character for character in value if character.isascii())
    size = min(110, int(1_500 / max(8, len(printable))))
    pen.text((480, 110), kind.upper().replace("_", " "), fill=(*ink, 255), font=ImageFont.load_default(44), anchor="mm")
    pen.text((480, 225), printable, fill=(*ink, 255), font=ImageFont.load_default(size), anchor="mm")
    for _ in range(dice.randint(4, 12)):
        x, y = dice.randint(30, 930), dice.randint(30, 350)
        pen.line((x, y, x + dice.randint(-90, 90), y + dice.randint(-20, 20)), fill=(*_shade(metal, 0.8), 120), width=2)
    turned = plate.rotate(dice.uniform(-4, 4), expand=True, resample=Image.Resampling.BICUBIC)
    picture.paste(turned, ((_SIZE[0] - turned.width) // 2, (_SIZE[1] - turned.height) // 2), turned)
    return _as_photo(dice, picture)


def _fill_board(dice: Random, pen: ImageDraw.ImageDraw, floor: int) -> None:
    left = 20
    while left < _SIZE[0] - 90:
        width, height = dice.randint(60, 190), dice.randint(80, 240)
        colour = dice.choice(_GOODS)
        pen.rounded_rectangle((left, floor - height, left + width, floor), radius=8, fill=colour)
        pen.rectangle((left + width - 14, floor - height + 6, left + width, floor), fill=_shade(colour, 0.7))
        if width < 105:
            left += width + dice.randint(12, 40)
            continue
        label = (left + 12, floor - height // 2 - 14, left + width - 26, floor - height // 2 + 14)
        pen.rectangle(label, fill=(226, 224, 214))
        pen.text((label[0] + 6, label[1] + 4), f"No. {dice.randint(100, 999)}", fill=(60, 60, 60))
        left += width + dice.randint(12, 60)


def _ground(colour: Colour) -> Image.Image:
    """A wall that is darker towards the floor."""
    column = Image.new("RGB", (1, _SIZE[1]))
    for y in range(_SIZE[1]):
        column.putpixel((0, y), _shade(colour, 1.05 - 0.4 * y / _SIZE[1]))
    return column.resize(_SIZE)


def _shade(colour: Colour, factor: float) -> Colour:
    red, green, blue = (max(0, min(255, int(part * factor))) for part in colour)
    return red, green, blue


def _as_photo(dice: Random, picture: Image.Image) -> bytes:
    """Slightly out of focus, turned by a hand that was not quite still, as JPEG."""
    turned = picture.rotate(dice.uniform(-1.2, 1.2), resample=Image.Resampling.BICUBIC, fillcolor=(40, 40, 42))
    soft = turned.filter(ImageFilter.GaussianBlur(dice.uniform(0.6, 1.4)))
    buffer = BytesIO()
    soft.save(buffer, "JPEG", quality=82)
    return buffer.getvalue()
