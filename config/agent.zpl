#   The agent of one agency.  Values in force: jembatan-agent check-config --config FILE
#   A line is `name = value`; what is indented by four spaces belongs to the line above.

#   Who the agency is.  Partners read this in the directory, so it goes into the request that the
#   registrar signs; after a change run `jembatan-agent init` again and send the new request.
agency
    id = ipwl-contoh
    name_id = "IPWL Contoh"
    name_en = "Example IPWL"
#   ipwl, bnn, clinic, hospital, prison, training, social-services, legal-aid, coordinator
    kind = ipwl
#   Kemendagri code; the province decides between WIB, WITA and WIT
    region = 17.71
    address = ""
    phone = ""
    whatsapp = ""
    office_hours = ""
    services
        social-outpatient = yes

#   Keys and directory stand apart from the ledger, so that a copy of the one is not a copy of both.
paths
    data = /var/lib/jembatan/agent
    keys = /etc/jembatan/keys
    ledger_key = /etc/jembatan/keys/ledger.key
    directory = /etc/jembatan/directory.bin
    catalogue = /usr/share/jembatan/catalogue
    socket = /run/jembatan/agent.sock
    console = /usr/share/jembatan/console

#   The web console, for the computers of the office: 0.0.0.0:8443 for all of them, 192.168.1.5:8443 at one
#   address of this box.  Empty: none.  It speaks TLS with a certificate of the office's own authority, whose
#   public half every computer needs (see OPERATIONS.md); tls = no is for 127.0.0.1 or [::1] only.
console
    address = ""
    tls = yes
#   Whoever has not used a session for so long, or began it so long ago, signs in again.
    idle_minutes = 30
    session_hours = 12

#   Disk that is kept for receipts and for what arrives: below it people write nothing new.
store
    min_free = 32m

#   The directory says where the hub is.  Set these only where the line needs it.
hub
    endpoint = ""
    socks_proxy = ""

#   Where `jembatan backup` puts the encrypted backups when it is given no folder, such as a mounted USB
#   disk; mounted = yes refuses that folder while its disk is not there.  How many stay.
backup
    folder = ""
    mounted = no
    keep = 14

#   Who on this box may use the socket, and as what: caseworker, clinician, supervisor, auditor, admin.
users
    root = admin
#   For the nightly backup, which runs as the agent's own user:
#   jembatan = admin

#   /metrics (OpenMetrics), /health and /ready for a monitoring system, over HTTP: 127.0.0.1:9711, [::1]:9711
#   or the absolute path of a unix socket.  Empty: nowhere.  Another address than loopback needs public = yes.
metrics
    address = ""
    public = no

log
    level = info
