ALTER TABLE assignment SET SCHEMA care;
SELECT care.protect('care.assignment');
GRANT SELECT, INSERT, UPDATE (ended_at, ended_because) ON care.assignment TO mm_app;
