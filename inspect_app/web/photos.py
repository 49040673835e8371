"""Photos of visits, for those who may see the visit."""

from flask import Blueprint, Response, abort, current_app, send_file

from inspect_app.services.photos import PhotoNotFound, PhotoSize, find_photo, photo_file
from inspect_app.web.access import current_actor, requires

blueprint = Blueprint("photos", __name__, url_prefix="/photos")

_MAX_AGE_S = 3600


@blueprint.get("/<int:photo_id>/full.jpg", defaults={"size": "full"})
@blueprint.get("/<int:photo_id>/thumb.jpg", defaults={"size": "thumb"})
@requires("inspections.view")
def show(photo_id: int, size: PhotoSize) -> Response:
    """The JPEG of a photo, "full" or "thumb"; the browser of this person may keep it, nobody between may."""
    try:
        photo = find_photo(current_actor(), photo_id)
    except PhotoNotFound:
        abort(404)
    path = photo_file(current_app.config["INSPECT"].upload_dir, photo, size)
    if not path.is_file():
        current_app.logger.error("the file of photo %s is missing", photo_id)
        abort(404)
    response = send_file(path, mimetype="image/jpeg", etag=f"{photo.sha256}-{size}", max_age=_MAX_AGE_S)
    response.cache_control.public = False
    response.cache_control.private = True
    # The next person at the same tablet has another session, so the kept copy is not theirs.
    response.vary.add("Cookie")
    return response
