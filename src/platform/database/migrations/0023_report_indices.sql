-- Reports find the images of a package, and the packages of a vulnerability, in indices alone.

-- Images that have a package.
create index analysis_package_images on analysis_package (package_id, analysis_id) include (document_id) where not left_to_owner;

-- Packages that have, or had, a vulnerability.
create index package_match_packages on package_match (vulnerability, package_id) include (namespace, closed_at);
drop index package_match_vulnerability;

-- Names by their beginning, whatever the collation of the database.
create index package_name_text on package (name collate "C");

-- Base images by the hash of their layers: an image is looked for by each prefix of its own.
create index analysis_layers_hash on analysis (hash_array_extended(layer_digests, 0));
