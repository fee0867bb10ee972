"""The server is lost and restored from last night's backup; what phones sent since comes back by themselves."""

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import expect

from tests.functional.conftest import SignIn
from tests.functional.office import make_code, open_client
from tests.functional.phone import Phone
from tests.functional.running import Demo


def test_work_sent_after_the_backup_comes_back(demo: Demo, sign_in: SignIn, phone: Phone) -> None:
    with tempfile.TemporaryDirectory(prefix="mm-backup-") as backup:
        phone.open(make_code(sign_in("agness"), demo, "Promise"))
        phone.set_up("Promise", "Drum")
        assert demo.run("backup", backup).returncode == 0

        phone.find("Pilirani")
        phone.begin("Visit")
        phone.fill(
            {
                "place": "home",
                "source": "observed",
                "refilled": "no",
                "sample_today": "no",
                "feeding": "exclusive",
                "baby_got": ["none"],
            }
        )
        phone.send()
        coordinator = sign_in("agness")
        open_client(coordinator, demo, "Pilirani")
        said = coordinator.get_by_role("main").inner_text()

        assert demo.stop() == 0
        shutil.rmtree(demo.folder / "state")
        (care,), (keys,) = Path(backup).glob("*.care"), Path(backup).glob("*.keys")
        restored = demo.run("restore", str(care), "--keys", str(keys))
        assert restored.returncode == 0, restored.stderr
        demo.start()
        coordinator = sign_in("agness")
        open_client(coordinator, demo, "Pilirani")
        assert coordinator.get_by_role("main").inner_text() != said, "the visit is not in the backup"

        phone.send()  # hears that the server began anew
        phone.send()
        coordinator.reload()
        expect(coordinator.get_by_role("main")).to_contain_text("Visit: at home")
        assert coordinator.get_by_role("main").inner_text() == said
