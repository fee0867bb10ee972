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
    {{bin}}/uv pip compile --quiet --no-annotate --no-header --generate-hashes --extra dev --extra spark pyproject.toml -o requirements/dev.lock

# Long generative runs with new examples: just fuzz 3000
fuzz examples="3000":
    MENTORMOTHERS_FUZZ_EXAMPLES={{examples}} {{bin}}/python -m pytest tests/generative -q

# Reference pages that follow from the code
docs:
    {{bin}}/python docs/make_reference.py

# The simulation's page: a programme of 20,000 women beside published figures
simulation-docs:
    {{bin}}/python docs/make_simulation.py

# The pictures of the documents, taken of a fresh demo
pictures:
    MENTORMOTHERS_CHROMIUM="${MENTORMOTHERS_CHROMIUM:-$(command -v chromium)}" {{bin}}/python docs/make_pictures.py

# Break everything for hours, with a new seed or this one: just torture 1234 480
torture seed="" minutes="60":
    {{bin}}/python -m tests.faults {{seed}} --minutes {{minutes}}

# Whether torture notices servers that are broken on purpose
mutants faults="200":
    {{bin}}/python -m tests.faults.try_mutants {{faults}}
