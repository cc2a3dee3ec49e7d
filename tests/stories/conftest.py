"""What every story may ask for."""

import shutil
import tempfile

import pytest

from stories.network import Network


@pytest.fixture
def network(request):
    """A network of its own in a short-named folder (unix sockets have short names).  The folder
    stays when the story fails, so that its logs can be read."""
    folder = tempfile.mkdtemp(prefix="jbt-")
    made = Network(folder)
    yield made
    made.close()
    if request.node.failed:
        print(f"\nthe network's folder is {folder}")
    else:
        shutil.rmtree(folder)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    item.failed = getattr(item, "failed", False) or outcome.get_result().failed
