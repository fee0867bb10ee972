"""The server is lost and restored from last night's backup; what phones sent since comes back by themselves."""

import shutil
import tempfile
from datetime import date
from pathlib import Path

from tests.functional.conftest import SignIn
from tests.functional.office import make_code, open_client
from tests.functional.phone import Phone
from tests.functional.running import Demo
from tests.functional.test_journey import enrolment


def test_work_sent_after_the_backup_comes_back(demo: Demo, sign_in: SignIn, phone: Phone) -> None:
    with tempfile.TemporaryDirectory(prefix="mm-backup-") as backup:
        phone.open(make_code(sign_in("agness"), demo, "Promise"))
        phone.set_up("Promise", "Drum")
        phone.go("Find")
        phone.press("New client")
        phone.fill(enrolment(date.today()) | {"given_name": "Kisa", "family_name": "Sichali"})
        phone.send()
        assert demo.run("backup", backup).returncode == 0

        phone.find("Kisa")
        phone.begin("Talk")
        phone.fill({"mode": "home", "topics": ["money"], "partner": "not_asked"})
        phone.send()
        coordinator = sign_in("agness")
        open_client(coordinator, demo, "Kisa Sichali")
        said = coordinator.get_by_role("main").inner_text()

        assert demo.stop() == 0
        shutil.rmtree(demo.folder / "state")
        (care,), (keys,) = Path(backup).glob("*.care"), Path(backup).glob("*.keys")
        restored = demo.run("restore", str(care), "--keys", str(keys))
        assert restored.returncode == 0, restored.stderr
        demo.start()
        coordinator = sign_in("agness")
        open_client(coordinator, demo, "Kisa Sichali")
        assert coordinator.get_by_role("main").inner_text() != said, "the talk is not in the backup"

        phone.send()  # hears that the server began anew
        coordinator.reload()
        assert coordinator.get_by_role("main").inner_text() == said
