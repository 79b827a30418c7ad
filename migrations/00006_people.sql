-- +goose Up
-- A cycle is for the whole trust, or for some of its units and staff groups; empty lists mean all.
alter table cycles
    add column scope_units jsonb not null default '[]',
    add column scope_groups jsonb not null default '[]';

-- What the trust says of a post beyond the facts that every trust has, such as a qualification.
alter table posts add column tags jsonb not null default '[]';

-- Who acts on objectives in the reviewers' place, and who takes notes, has a seat of their own.
alter table seats drop constraint seats_duty_check;
alter table seats add constraint seats_duty_check check (duty in ('review','objectives','determine','step','notes'));

-- A post's appraisals are looked up when its unit, its line manager or an office changes.
create index appraisals_post on appraisals (trust_id, post_id);
