-- +goose Up
-- The school calendar of a unit; a unit without one has that of the unit above it.
create table calendars (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    version int not null default 1,
    unit_id uuid not null,
    content jsonb not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id),
    foreign key (trust_id, unit_id) references units(trust_id, id),
    unique (trust_id, unit_id)
);
alter table calendars enable row level security;
alter table calendars force row level security;
create policy calendars_trust on calendars using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));
