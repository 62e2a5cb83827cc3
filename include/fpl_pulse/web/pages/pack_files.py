"""Downloads: a pack as a ZIP file, and each of its files as it is in the folder of the packs."""

from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path as FilePath
from typing import Annotated, BinaryIO

from fastapi import APIRouter, Path, Request
from starlette.responses import HTMLResponse, Response, StreamingResponse

from fpl_pulse.packs.settings import is_address, packs_setting
from fpl_pulse.packs.shelf import PACK, PART_BYTES, SEASON, open_file, open_pack, stored_pack
from fpl_pulse.packs.zipped import missing_files, zip_name, zip_parts, zip_validator
from fpl_pulse.web.heads import is_head
from fpl_pulse.web.pages.reading import OnPage
from fpl_pulse.web.problems import NotFoundError
from fpl_pulse.web.validators import CACHE_CONTROL, is_kept

MEDIA_TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".parquet": "application/vnd.apache.parquet",
    ".md": "text/markdown; charset=utf-8",
    ".json": "application/json",
    ".html": "text/html; charset=utf-8",
    ".png": "image/png",
}
OTHER_MEDIA_TYPE = "application/octet-stream"
ZIP_MEDIA_TYPE = "application/zip"

router = APIRouter(include_in_schema=False)

SeasonPart = Annotated[str, Path(pattern=f"^{SEASON}$")]
PackPart = Annotated[str, Path(pattern=f"^{PACK}$")]


def packs_folder() -> FilePath | None:
    """The folder with the packs; None when they are in an object store."""
    setting = packs_setting()
    return None if is_address(setting) else FilePath(setting)


@router.get("/data/packs/{season_of_pack}/{name}/")
def show_pack(visit: OnPage, season_of_pack: SeasonPart, name: PackPart) -> HTMLResponse:
    """The files of a pack."""
    folder = packs_folder()
    pack = stored_pack(folder, season_of_pack, name) if folder else None
    if pack is None:
        raise _no_pack(season_of_pack, name)
    groups: dict[str, list[object]] = {"": [], "gameweek": [], "season": [], "pictures": []}
    for file in sorted(pack.manifest.files, key=lambda file: file.path):
        groups.setdefault(file.path.rpartition("/")[0], []).append(file)
    return visit.page("pack.html", "Data", pack=pack, groups=groups)


@router.get("/data/packs/{season_of_pack}/{name}.zip")
def send_pack(request: Request, season_of_pack: SeasonPart, name: PackPart) -> Response:
    """A whole pack as a ZIP file. It is made while it is sent, so it has no length beforehand."""
    folder = packs_folder()
    opened = open_pack(folder, season_of_pack, name) if folder else None
    if opened is None:
        raise _no_pack(season_of_pack, name)
    headers = _headers(f"{zip_name(opened.pack)}.zip", zip_validator(opened.pack))
    if is_kept(request.headers, headers["ETag"]):
        opened.close()
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    if missing := missing_files(opened):
        opened.close()
        raise NotFoundError(
            f"The pack {season_of_pack}/{name} is damaged: {missing[0][:200]} is missing or has another size than"
            f" manifest.json says. `make pack SEASON={season_of_pack} GW={int(name[2:])}` writes it again."
        )
    if is_head(request):
        opened.close()
        head = Response(headers=headers, media_type=ZIP_MEDIA_TYPE)
        del head.headers["Content-Length"]
        return head
    return StreamingResponse(zip_parts(opened), media_type=ZIP_MEDIA_TYPE, headers=headers)


@router.get("/data/packs/{season_of_pack}/{name}/{path:path}")
def send_file(request: Request, season_of_pack: SeasonPart, name: PackPart, path: str) -> Response:
    """A file of a pack, as a download. It is sent in parts, so that its size does not matter."""
    folder = packs_folder()
    stored = open_file(folder, season_of_pack, name, path) if folder else None
    if stored is None:
        raise _no_pack(season_of_pack, name, path)
    file_name = path.rpartition("/")[2]
    headers = _headers(f"{season_of_pack}-{name}-{file_name}", stored.validator)
    if is_kept(request.headers, headers["ETag"]):
        stored.file.close()
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    media_type = MEDIA_TYPES.get(FilePath(file_name).suffix, OTHER_MEDIA_TYPE)
    # The length keeps a download from ending early unnoticed.
    headers["Content-Length"] = str(stored.bytes)
    if is_head(request):
        stored.file.close()
        return Response(headers=headers, media_type=media_type)
    return StreamingResponse(_parts(stored.file, stored.bytes), media_type=media_type, headers=headers)


def _headers(file_name: str, validator: str) -> dict[str, str]:
    return {
        "ETag": f'"{validator}"',
        "Cache-Control": CACHE_CONTROL,
        "Content-Disposition": f'attachment; filename="{file_name}"',
        # Should a browser show it all the same, it may do nothing.
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        # Compressing a large file takes longer than sending it.
        "Content-Encoding": "identity",
    }


def _parts(file: BinaryIO, size: int) -> Iterator[bytes]:
    with file:
        while size and (part := file.read(min(PART_BYTES, size))):
            size -= len(part)
            yield part


def _no_pack(season: str, name: str, path: str = "") -> NotFoundError:
    what = f"The pack {season}/{name} has no file {path[:200]}" if path else f"There is no pack {season}/{name}"
    return NotFoundError(f"{what}. The page Data lists the packs.")
