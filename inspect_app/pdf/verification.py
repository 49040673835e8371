"""The QR code that ties the paper to the data: a reader gets the number, the version and the hash of the record."""

from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel
from reportlab.platypus import Flowable

from inspect_app.pdf.documents import VisitRecordDocument

_SIDE = 58.0
# White around the code, in modules: ISO/IEC 18004 asks for four; the paper's margin gives the rest.
_QUIET_MODULES = 2


def verification_text(document: VisitRecordDocument) -> str:
    """What the code says, in one line of plain ASCII where the number is: LJ-2026-000128 v3 sha256:8f3a…"""
    return f"{document.number} v{document.data_version} sha256:{document.data_hash}"


class VerificationCode(Flowable):
    """A QR code of fixed size, drawn as rectangles: sharp at any resolution."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.width = self.height = _SIDE
        # Version None lets the encoder take the smallest that holds the text.
        code = QRCode(None, QRErrorCorrectLevel.M)
        code.addData(text)
        code.make()
        self._modules: list[list[bool]] = code.modules

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Always the same size."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw each run of dark modules in a row as one rectangle, so that no hairline shows between them."""
        count = len(self._modules)
        module = _SIDE / (count + 2 * _QUIET_MODULES)
        path = self.canv.beginPath()
        for row, cells in enumerate(self._modules):
            bottom = _SIDE - (row + 1 + _QUIET_MODULES) * module
            start = 0
            while start < count:
                end = start
                while end < count and cells[end]:
                    end += 1
                if end > start:
                    path.rect((start + _QUIET_MODULES) * module, bottom, (end - start) * module, module)
                start = end + 1
        self.canv.drawPath(path, stroke=0, fill=1)
