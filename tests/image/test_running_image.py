"""The HTTP backend's image, run as it is on Fargate: its own user, a read-only root, stopped by SIGTERM."""

import signal
import socket
import time

import pytest
import requests

from tests.image.conftest import Service
from tests.image.container_engine import ContainerEngine

pytestmark = pytest.mark.timeout(600)  # building takes longer than a test usually may

USER = 10001
STOPPED_BY_SIGTERM = (0, 128 + signal.SIGTERM, -signal.SIGTERM)


def test_the_image_names_a_user_that_is_not_root(engine: ContainerEngine, image: str) -> None:
    assert engine.settings(image).user.partition(":")[0] == str(USER)


def test_the_process_runs_as_that_user_and_cannot_write_to_its_root(service: Service) -> None:
    program = "import os; print(os.getuid()); open('/app/written', 'w')"
    done = service.container.execute("python", "-c", program)
    assert done.stdout.strip() == str(USER)
    assert "Read-only file system" in done.stderr


def test_the_command_is_no_shell_which_would_keep_sigterm_to_itself(engine: ContainerEngine, image: str) -> None:
    assert engine.settings(image).command[0] not in ("sh", "/bin/sh")


def test_the_health_check_of_the_image_succeeds(engine: ContainerEngine, image: str, service: Service) -> None:
    done = service.container.execute(*engine.settings(image).health_check)
    assert done.returncode == 0, done.stderr


def test_the_health_check_fails_when_nothing_answers(engine: ContainerEngine, image: str, service: Service) -> None:
    service.container.send_signal(signal.SIGSTOP)
    done = service.container.execute(*engine.settings(image).health_check)
    service.container.send_signal(signal.SIGCONT)
    assert done.returncode != 0


def test_the_service_echoes_what_it_receives(service: Service) -> None:
    answer = requests.post(f"{service.url}/path1/path2?query1=a&query1=b", json={"key": "value"}, timeout=10).json()
    assert answer["method"] == "POST"
    assert answer["path"] == "/path1/path2"
    assert answer["query"] == {"query1": ["a", "b"]}
    assert answer["json"] == {"key": "value"}


def test_the_service_answers_the_status_that_is_asked_for(service: Service) -> None:
    assert requests.get(f"{service.url}/status/503", timeout=10).status_code == 503


def test_a_request_under_way_is_answered_after_sigterm(service: Service) -> None:
    with socket.create_connection(("127.0.0.1", service.port), timeout=20) as connection:
        connection.sendall(b"POST /slow HTTP/1.1\r\nHost: echo\r\nContent-Length: 10\r\n\r\nhalf ")
        time.sleep(0.3)  # so that the request is under way when the signal comes
        service.container.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        connection.sendall(b"whole")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")
    assert service.container.wait(20) in STOPPED_BY_SIGTERM


def test_sigterm_ends_an_idle_service(service: Service) -> None:
    service.container.send_signal(signal.SIGTERM)
    assert service.container.wait(20) in STOPPED_BY_SIGTERM
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{service.url}/healthz", timeout=5)
