"""The address of a photo: for those who see its visit, kept by their browser alone."""

from flask import Flask

from inspect_app.models import User, Visit
from inspect_app.services.photos import photo_file, remove_photo, save_photo
from inspect_app.services.transaction import transaction
from tests.factories import accounts, records
from tests.factories.pictures import picture
from tests.pages import Pages


def _photo(app: Flask, user: User, visit: Visit | None = None) -> int:
    with transaction(accounts.actor_for(user)) as tx:
        photo = save_photo(
            tx,
            app.config["INSPECT"].upload_dir,
            visit or records.create_visit(),
            subject="visit",
            content=picture(800, 600),
            max_bytes=10**6,
        )
    return photo.id


def test_photo_is_shown(pages: Pages, web_app: Flask, inspector: User) -> None:
    photo_id = _photo(web_app, inspector)
    browser = pages.sign_in(inspector).client
    for size in ("full", "thumb"):
        with browser.get(f"/photos/{photo_id}/{size}.jpg") as response:
            assert response.mimetype == "image/jpeg"
            assert response.data.startswith(b"\xff\xd8")
            assert "private" in response.headers["Cache-Control"]
            assert "public" not in response.headers["Cache-Control"]
            known = {"If-None-Match": response.headers["ETag"]}
        with browser.get(f"/photos/{photo_id}/{size}.jpg", headers=known) as again:
            assert again.status_code == 304
    pages.get(f"/photos/{photo_id}/small.jpg", status=404)
    pages.get("/photos/999/full.jpg", status=404)


def test_photo_outside_the_area_does_not_exist(pages: Pages, web_app: Flask, inspector: User) -> None:
    photo_id = _photo(web_app, inspector)
    stranger = accounts.create_user(unit=accounts.create_unit(area_code="420702"))
    pages.sign_in(stranger).get(f"/photos/{photo_id}/full.jpg", status=404)
    pages.sign_in(accounts.create_user(role="auditor")).get(f"/photos/{photo_id}/full.jpg", status=403)
    with pages.sign_in(accounts.create_user(role="desk")).client.get(f"/photos/{photo_id}/full.jpg") as response:
        assert response.status_code == 200


def test_removed_or_lost_photo_is_not_found(pages: Pages, web_app: Flask, inspector: User) -> None:
    from inspect_app.extensions import db
    from inspect_app.models import Photo

    photo_id = _photo(web_app, inspector)
    photo = db.session.get_one(Photo, photo_id)
    photo_file(web_app.config["INSPECT"].upload_dir, photo, "thumb").unlink()
    pages.sign_in(inspector).get(f"/photos/{photo_id}/thumb.jpg", status=404)
    with transaction(accounts.actor_for(inspector)) as tx:
        remove_photo(tx, db.session.get_one(Photo, photo_id))
    pages.get(f"/photos/{photo_id}/full.jpg", status=404)
