-- +goose Up
-- Objectives, whole: what a version may say, validation, carried forward, mandated, sampled.

alter table priorities add column partnership boolean not null default false;

alter table objectives
    add column validation text not null default 'none' check (validation in ('none', 'agreed', 'disagreed')),
    add column from_id uuid,
    add column mandate text,
    add constraint objectives_from foreign key (trust_id, from_id) references objectives(trust_id, id);

alter table objective_revisions
    add column statements jsonb not null default '[]',
    add column cpd_support text not null default '',
    add column supporting_evidence text not null default '',
    add column assessment_method text not null default '',
    add column milestones jsonb not null default '[]',
    add column smart jsonb not null default '{}',
    add column live_on date;

-- A panel signs one by one, all as the reviewer.
alter table signatures drop constraint signatures_trust_id_subject_kind_subject_id_revision_party_key;
alter table signatures add constraint signatures_person unique (trust_id, subject_kind, subject_id, revision, party, person_id);

create table objective_samples (
    trust_id uuid not null references trusts(id),
    id uuid not null,
    version int not null default 1,
    cycle_id uuid not null,
    unit_id uuid not null,
    seed int not null,
    drawn_from int not null,
    drawn_by uuid not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (trust_id, id),
    foreign key (trust_id, cycle_id) references cycles(trust_id, id),
    foreign key (trust_id, unit_id) references units(trust_id, id),
    foreign key (trust_id, drawn_by) references people(trust_id, id)
);
alter table objective_samples enable row level security;
alter table objective_samples force row level security;
create policy objective_samples_trust on objective_samples using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));

create index objective_samples_unit on objective_samples (trust_id, unit_id, id);
create table objective_sample_items (
    trust_id uuid not null references trusts(id),
    sample_id uuid not null,
    objective_id uuid not null,
    revision int not null,
    meets boolean,
    remark text,
    reviewed_by uuid,
    reviewed_on date,
    primary key (trust_id, sample_id, objective_id),
    foreign key (trust_id, sample_id) references objective_samples(trust_id, id),
    foreign key (trust_id, objective_id) references objectives(trust_id, id),
    foreign key (trust_id, reviewed_by) references people(trust_id, id)
);
alter table objective_sample_items enable row level security;
alter table objective_sample_items force row level security;
create policy objective_sample_items_trust on objective_sample_items using (trust_id = (select app_trust())) with check (trust_id = (select app_trust()));
