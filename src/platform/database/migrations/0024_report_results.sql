-- Which vulnerabilities are known to be exploited: few of all.
create index vulnerability_exploited on vulnerability (id, namespace) where detail ? 'kev';
