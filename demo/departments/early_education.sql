-- Made-up early education system, modelled on what such systems hold. Nothing here is real.
CREATE TYPE application_status AS ENUM ('SENT', 'WAITING_PLACEMENT', 'WAITING_DECISION', 'ACTIVE', 'REJECTED');
CREATE TYPE placement_type AS ENUM ('DAYCARE', 'DAYCARE_PART_TIME', 'PRESCHOOL', 'PRESCHOOL_DAYCARE', 'CLUB');
CREATE TYPE decision_status AS ENUM ('PENDING', 'ACCEPTED', 'REJECTED');
CREATE TYPE fee_status AS ENUM ('DRAFT', 'SENT', 'ANNULLED');

CREATE TABLE care_area (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE unit (
    id int PRIMARY KEY, care_area_id int NOT NULL REFERENCES care_area, name text NOT NULL, language text NOT NULL,
    street_address text NOT NULL, phone text NOT NULL
);
CREATE TABLE daycare_group (id int PRIMARY KEY, unit_id int NOT NULL REFERENCES unit, name text NOT NULL);
CREATE TABLE guardian (
    id int PRIMARY KEY, social_security_number text NOT NULL UNIQUE, first_name text NOT NULL, last_name text NOT NULL,
    street_address text, postal_code text, phone text, email text, language text NOT NULL, restricted_details boolean NOT NULL
);
CREATE TABLE child (
    id int PRIMARY KEY, social_security_number text NOT NULL UNIQUE, first_name text NOT NULL, last_name text NOT NULL,
    date_of_birth date NOT NULL, allergies text, diet text, photo bytea
);
CREATE TABLE guardianship (
    guardian_id int NOT NULL REFERENCES guardian, child_id int NOT NULL REFERENCES child, PRIMARY KEY (guardian_id, child_id)
);
CREATE TABLE application (
    id int PRIMARY KEY, guardian_id int NOT NULL REFERENCES guardian, child_id int NOT NULL REFERENCES child,
    status application_status NOT NULL, type placement_type NOT NULL, sent_on date NOT NULL, preferred_start date NOT NULL,
    urgent boolean NOT NULL, preferred_units int[] NOT NULL, form jsonb NOT NULL, admin_note text
);
CREATE TABLE placement (
    id int PRIMARY KEY, child_id int NOT NULL REFERENCES child, unit_id int NOT NULL REFERENCES unit,
    type placement_type NOT NULL, period daterange NOT NULL, starts_on date NOT NULL, ends_on date NOT NULL
);
CREATE TABLE group_placement (
    id int PRIMARY KEY, placement_id int NOT NULL REFERENCES placement, daycare_group_id int NOT NULL REFERENCES daycare_group
);
CREATE TABLE service_need (
    id int PRIMARY KEY, placement_id int NOT NULL REFERENCES placement, hours_per_week numeric(4, 1) NOT NULL, shift_care boolean NOT NULL
);
CREATE TABLE decision (
    id int PRIMARY KEY, application_id int NOT NULL REFERENCES application, unit_id int NOT NULL REFERENCES unit,
    number bigint NOT NULL, status decision_status NOT NULL, sent_on date NOT NULL, starts_on date NOT NULL
);
CREATE TABLE attendance (
    id int PRIMARY KEY, child_id int NOT NULL REFERENCES child, unit_id int NOT NULL REFERENCES unit,
    arrived_at timestamptz NOT NULL, departed_at timestamptz
);
CREATE TABLE absence (
    id int PRIMARY KEY, child_id int NOT NULL REFERENCES child, day date NOT NULL, kind text NOT NULL
);
CREATE TABLE income (
    id int PRIMARY KEY, guardian_id int NOT NULL REFERENCES guardian, valid_from date NOT NULL, valid_to date,
    monthly_cents int NOT NULL, effect text NOT NULL, updated_at timestamptz NOT NULL
);
CREATE TABLE fee_decision (
    id int PRIMARY KEY, guardian_id int NOT NULL REFERENCES guardian, number bigint NOT NULL, status fee_status NOT NULL,
    valid_from date NOT NULL, valid_to date, family_size int NOT NULL, total_cents int NOT NULL, sent_at timestamptz
);
CREATE TABLE fee_decision_child (
    id int PRIMARY KEY, fee_decision_id int NOT NULL REFERENCES fee_decision, child_id int NOT NULL REFERENCES child,
    fee_cents int NOT NULL
);
CREATE TABLE staff_note (
    id int PRIMARY KEY, child_id int NOT NULL REFERENCES child, written_at timestamptz NOT NULL, author text NOT NULL, note text NOT NULL
);
