"""Images are for platforms that there are, files are told alike by all, mirrors stand at sites."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dcctl.estate.draft import IMAGES, Draft, Rule, complaint
from dcctl.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dcctl.estate.schema.images import ImageEntry, ImageFileEntry
    from dcctl.model.estate import Complaint

DEFAULT = "default"  # the cap of sites that have none of their own


def _judge(draft: Draft) -> Iterator[Complaint]:
    told: dict[str, tuple[str, ImageFileEntry]] = {}
    for name, image in draft.images.images.items():
        if image.platform not in draft.platforms:
            yield complaint(
                draft.at(IMAGES, "images", name, "platform"),
                N_("the image {name} is for the platform {platform}, and there is none"),
                N_("dcctl inventory schema and docs/inventory.md tell the platforms"),
                name=name,
                platform=image.platform,
            )
        yield from _files(draft, name, image, told)
    yield from _mirrors(draft)


def _files(
    draft: Draft, name: str, image: ImageEntry, told: dict[str, tuple[str, ImageFileEntry]]
) -> Iterator[Complaint]:
    if not any(file.role == "system" for file in image.files):
        yield complaint(
            draft.at(IMAGES, "images", name, "files"),
            N_("the image {name} has no file of the role system, so nothing could be booted"),
            N_("give the file that is booted `role: system`"),
            name=name,
        )
    own: set[str] = set()
    for index, file in enumerate(image.files):
        place = draft.at(IMAGES, "images", name, "files", index)
        if file.name in own:
            yield complaint(
                place,
                N_("the image {name} has the file {file} twice"),
                N_("take one of them out"),
                name=name,
                file=file.name,
            )
            continue
        own.add(file.name)
        # On a mirror files of all images lie in one folder.
        other, before = told.setdefault(file.name, (name, file))
        if (before.size, before.sha512, before.md5, before.sha256) != (
            file.size,
            file.sha512,
            file.md5,
            file.sha256,
        ):
            yield complaint(
                place,
                N_("the images {other} and {name} describe the file {file} differently"),
                N_("one name is one file: correct its size and digests, or its name"),
                name=name,
                other=other,
                file=file.name,
            )


def _mirrors(draft: Draft) -> Iterator[Complaint]:
    for section in ("mirrors", "caps_mbps"):
        for site in getattr(draft.images, section):
            if site not in draft.topology.sites and (section, site) != ("caps_mbps", DEFAULT):
                yield complaint(
                    draft.at(IMAGES, section, site),
                    N_("{section}: there is no site {site}"),
                    N_("topology.yml names the sites"),
                    section=section,
                    site=site,
                )
    for site, mirror in draft.images.mirrors.items():
        if mirror.credential and mirror.credential not in draft.site.credentials:
            yield complaint(
                draft.at(IMAGES, "mirrors", site, "credential"),
                N_("dcctl.yml has no credential {name}"),
                N_("name one that stands below `credentials:`"),
                name=mirror.credential,
            )


RULE = Rule(title=N_("Images and mirrors name what there is"), judge=_judge)
