# `just` lists everything one does here. Each recipe is also plain shell.
set shell := ["sh", "-eu", "-c"]

bin := ".venv/bin"

_list:
    @just --list

# Environment and phone app, for development
setup:
    script/setup --dev

# Everything on this machine with synthetic people
demo *args:
    script/demo {{args}}

# All tests, or some: just test tests/spec
test *args:
    script/test {{args}}

# Linters, types, import contract
check:
    script/check

# Lock the packages after a change of pyproject.toml
lock:
    {{bin}}/uv pip compile --quiet --no-annotate --no-header --generate-hashes pyproject.toml -o requirements/run.lock
    {{bin}}/uv pip compile --quiet --no-annotate --no-header --generate-hashes --extra dev pyproject.toml -o requirements/dev.lock

# Long generative runs: just fuzz 3600 (seconds)
fuzz seconds="600":
    MENTORMOTHERS_FUZZ_SECONDS={{seconds}} {{bin}}/python -m pytest tests/generative -q
