-- +goose Up

-- What a record says beside its answers, and who was named to take notes of the meeting.
alter table meetings add column minutes int check (minutes > 0);
alter table meetings add column indicative_rating text;
alter table meetings add column note_taker_id uuid;
alter table meetings add column earlier_versions int not null default 0;
alter table meetings add foreign key (trust_id, note_taker_id) references people(trust_id, id);
create index meetings_note_taker on meetings (trust_id, note_taker_id) where note_taker_id is not null;
create index meetings_scheduled on meetings (trust_id, scheduled_at);

-- A record as it was shared, kept when it is opened again.
create table meeting_versions (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    meeting_id uuid not null,
    number int not null check (number > 0),
    recorder_id uuid not null,
    held_on date not null,
    minutes int,
    answers jsonb not null,
    indicative_rating text,
    policy_version_id uuid not null,
    shared_at timestamptz not null,
    answer text,
    answered_at timestamptz,
    reopened_by uuid not null,
    reopened_at timestamptz not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id),
    foreign key (trust_id, meeting_id) references meetings(trust_id, id),
    foreign key (trust_id, recorder_id) references people(trust_id, id),
    foreign key (trust_id, reopened_by) references people(trust_id, id),
    foreign key (trust_id, policy_version_id) references policy_versions(trust_id, id),
    unique (trust_id, meeting_id, number)
);
alter table meeting_versions enable row level security;
alter table meeting_versions force row level security;
create policy meeting_versions_trust on meeting_versions using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));
