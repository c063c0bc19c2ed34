-- Reports are read from the tables themselves: this makes their ways short.

-- Packages of images that count, as they are matched: corrections of the account are applied, and what is left to the
-- advisories of a distribution is left out. For statements about many images; those about few put their condition into
-- both halves, see features/reports/queries/packages.ts.
create view reported_package as
select i.account, i.digest, i.image_id, i.analyzed_at, ap.analysis_id, ap.document_id, ap.path, ap.owned_by,
       ap.package_id, ap.package_id as found_package_id
from image i
join analysis_package ap on ap.analysis_id = i.analysis_id
where i.image_status = 'active' and not ap.left_to_owner and not exists (
  select 1 from analysis_package_override o
  where o.account = i.account and o.analysis_id = ap.analysis_id and o.document_id = ap.document_id)
union all
select i.account, i.digest, i.image_id, i.analyzed_at, ap.analysis_id, ap.document_id, ap.path, ap.owned_by,
       o.package_id, ap.package_id as found_package_id
from image i
join analysis_package_override o on o.account = i.account and o.analysis_id = i.analysis_id
join analysis_package ap on ap.analysis_id = o.analysis_id and ap.document_id = o.document_id
where i.image_status = 'active' and not ap.left_to_owner;

-- Reports list vulnerabilities by their id as text, whatever the collation of the database.
create index vulnerability_listing on vulnerability (id collate "C", namespace);
create index vulnerability_severity on vulnerability (severity, id collate "C");

-- Packages that a distribution may answer for, one vulnerability at a time.
create index analysis_package_owned on analysis_package (package_id) where owned_by is not null and not left_to_owner;

-- Tags of an account by name.
create index tag_mapping_repository on tag_mapping (account, registry collate "C", repository collate "C", tag collate "C", id);
