# Runs both tools in turns, compares what they made, and prints the times. Used by bench/policy.
import json, os, statistics, subprocess, sys, time

work, peer, ours, rounds = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
tree = os.path.join(work, 'tree')
environment = {k: v for k, v in os.environ.items() if not k.startswith('KEYLIME')}


def cold():
    os.sync()
    with open('/proc/sys/vm/drop_caches', 'w') as drop:
        drop.write('3')


def timed(command):
    cold()
    start = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    return time.monotonic() - start


def meaning(file):
    with open(file) as policy:
        policy = json.load(policy)
    return {k: {n: sorted(d) for n, d in v.items()} if isinstance(v, dict) and k != 'ima' else v
            for k, v in policy.items() if k != 'meta'}


theirs_made, ours_made = (os.path.join(work, name) for name in ('keylime.json', 'keystead.json'))
theirs, mine = [], []
for _ in range(rounds):
    theirs.append(timed([f'{peer}/keylime-policy', 'create', 'runtime', '--rootfs', tree, '-o', theirs_made]))
    mine.append(timed([ours, 'policy', 'create', '--tree', tree, '--to', ours_made]))
if meaning(theirs_made) != meaning(ours_made):
    sys.exit('the policies do not mean the same')
ratio = statistics.median(theirs) / statistics.median(mine)
print(f'policy of {len(meaning(ours_made)["digests"]):,} files, cold caches, median of {rounds}: '
      f'keylime-policy {statistics.median(theirs):.2f} s, keystead policy create {statistics.median(mine):.2f} s, '
      f'ratio {ratio:.1f} (target: at least 5); both mean the same')
