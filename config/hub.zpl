#   Konfigurasi jembatan-hub: satu berkas per hub.
#   Configuration of jembatan-hub: one file per hub.
#
#   The paths are those of its systemd unit; relative ones are taken from this file's folder.  What
#   is commented out shows its default.
#   `jembatan-hub run --config hub.zpl --check-config` prints what is in force.

hub
    #   The hub's name, as the registrar wrote it into the directory.
    id = bengkulu
    #   Where agents connect to.  Port 443 passes most office firewalls.
    endpoint = "tcp://0.0.0.0:5710"
    #   link.key and log.key, made by `jembatan-hub init`.  Keep them outside the data folder: a
    #   data folder that is lost or restored must not take the hub's name with it.
    keys = "/etc/jembatan/hub/keys"
    #   The queue and the custody log.
    data = "/var/lib/jembatan/hub"
    #   The signed directory.  Put a newer one in its place; the hub sees it within a second.
    directory = "/etc/jembatan/hub/directory.bin"
    #   For jembatan-hubctl; only the hub's own user may talk to it.
    control = "/run/jembatan-hub/hub.sock"
    #   Threads that encrypt and decrypt; 2 serves better beyond about a hundred agents.
    #io_threads = 1

store
    #   With less free disk than this, new letters are put off and retried by their senders; what
    #   is here is still delivered.
    #min_free = 64m

queue
    #   A letter at which its recipient's agent failed so many times is set aside alone and comes
    #   again within 15 minutes, then later and later, up to 6 hours.
    #park_after = 8

quota
    #   What of one sender may wait here.
    #letters = 100000
    #bytes = 1g
    #   Attachments of one sender that may wait here, besides its letters.
    #blob_bytes = 1g
    #   Letters of one sender per minute; 0 sets no limit.
    #per_minute = 0
    #   Agencies with other quotas.  What is not named is as above; a reload takes it on.
    #agencies
    #    rsk-soeprapto
    #        bytes = 4g
    #        per_minute = 600

metrics
    #   /metrics (OpenMetrics), /health and /ready for a monitoring system, over HTTP: 127.0.0.1:9710, [::1]:9710
    #   or the absolute path of a unix socket.  Empty: nowhere.  Another address than loopback needs public = yes.
    #address = ""
    #public = no

backup
    #   Where `jembatan-hubctl backup` puts the encrypted backups when it is given no folder.
    #folder = "/media/cadangan"
    #   Refuse that folder while no disk is mounted there.
    #mounted = no
    #   How many stay; older ones are removed.
    #keep = 14

log
    #   debug, info, note, warn or fail.
    #level = info
