"""Static files: by hashed name once collected, by plain name where they were not.

An image collects all. A wheel brings our own collected, and a dependency's come from that dependency, by plain name:
which version of it stands beside the wheel is not known when that is built. A clone collected nothing.
"""

from __future__ import annotations

import os

from django.contrib.staticfiles.storage import StaticFilesStorage
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Whitenoise's storage, which would answer 500 to every page without a manifest."""

    def url(self, name: str, force: bool = False) -> str:
        """Return the URL of a static file. Raises ValueError for one of ours that was forgotten when collecting."""
        ours = name.startswith("mathesar/")
        if not self.hashed_files or not (ours or self.hash_key(self.clean_name(name)) in self.hashed_files):
            return str(StaticFilesStorage.url(self, name))
        return str(super().url(name, force))


class StaticMiddleware(WhiteNoiseMiddleware):
    """Whitenoise's middleware, which would warn of a folder that nobody collected into."""

    def add_files(self, root: str | os.PathLike[str], prefix: str | None = None) -> None:
        """Serve the files of a folder, if it is there."""
        if os.path.isdir(root):
            super().add_files(str(root), prefix)
