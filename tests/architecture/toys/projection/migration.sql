-- Approved days of leave per employee, which the background worker sums from the log.

CREATE TABLE leave_day_items (
    org_id      text COLLATE "C" NOT NULL,
    id          text COLLATE "C" NOT NULL,
    employee_id text COLLATE "C" NOT NULL,
    status      text COLLATE "C" NOT NULL,
    days        numeric NOT NULL,
    PRIMARY KEY (org_id, id)
);
CREATE TABLE leave_days (
    org_id      text COLLATE "C" NOT NULL,
    employee_id text COLLATE "C" NOT NULL,
    amount      numeric NOT NULL,
    objects     integer NOT NULL,
    PRIMARY KEY (org_id, employee_id)
);
CREATE TABLE leave_day_progress (
    org_id             text COLLATE "C" PRIMARY KEY REFERENCES organizations,
    position           bigint NOT NULL,
    projection_version smallint NOT NULL
);
