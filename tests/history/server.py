"""A PostgreSQL server of our own in a temporary folder, on a unix socket only."""
import glob
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from urllib.parse import quote


def programs():
    """The folder with initdb and postgres, None where PostgreSQL is not installed."""
    folders = sorted(glob.glob('/usr/lib/postgresql/*/bin'), reverse=True)
    found = shutil.which('initdb')
    folders += [os.path.dirname(os.path.realpath(found))] if found else []
    for folder in folders:
        if all(os.access(os.path.join(folder, name), os.X_OK) for name in ('initdb', 'postgres')):
            return folder
    return None


def account():
    """It refuses to run as root."""
    if os.geteuid() != 0:
        return {}, pwd.getpwuid(os.geteuid()).pw_name
    for name in ('postgres', 'nobody'):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {'user': entry.pw_uid, 'group': entry.pw_gid, 'extra_groups': []}, name
    return {}, 'root'


class Server:
    """Runs within a `with`."""

    def __enter__(self):
        self.bin = programs()
        self.who, self.name = account()
        self.folder = tempfile.mkdtemp(prefix='cvpg')
        os.chmod(self.folder, 0o755)
        if self.who:
            os.chown(self.folder, self.who['user'], self.who['group'])
        data = os.path.join(self.folder, 'data')
        self.log = open(os.path.join(self.folder, 'log'), 'wb')
        common = {'cwd': self.folder, 'stdin': subprocess.DEVNULL, 'stdout': self.log,
                  'stderr': self.log, **self.who}
        self.process = None
        try:
            subprocess.run([os.path.join(self.bin, 'initdb'), '-D', data, '-U', 'tester', '-A',
                            'trust', '--no-sync', '-E', 'UTF8', '--no-locale'],
                           check=True, timeout=120, **common)
            self.process = subprocess.Popen(
                [os.path.join(self.bin, 'postgres'), '-D', data, '-k', self.folder, '-c',
                 'listen_addresses=', '-c', 'fsync=off', '-c', 'shared_buffers=16MB'], **common)
            self.wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def wait(self):
        until = time.monotonic() + 60
        while self.sql('SELECT 1').returncode != 0:
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError('the server does not start: ' + self.said())
            time.sleep(0.1)

    def said(self):
        with open(os.path.join(self.folder, 'log'), encoding='utf-8', errors='replace') as log:
            return log.read()[-900:]

    def sql(self, text):
        return subprocess.run([os.path.join(self.bin, 'psql'), '-h', self.folder, '-U', 'tester',
                               '-d', 'postgres', '-X', '-q', '-t', '-A', '-v', 'ON_ERROR_STOP=1',
                               '-c', text], capture_output=True, text=True, check=False,
                              timeout=60)

    def url(self, schema=None):
        """Of the database; with a schema, of that one, which is made."""
        url = f'postgresql://tester@/postgres?host={quote(self.folder, safe="")}'
        if schema is None:
            return url
        done = self.sql(f'CREATE SCHEMA IF NOT EXISTS {schema}')
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        return self.prefix(schema)

    def prefix(self, schema):
        return self.url() + '&options=-csearch_path%3D' + schema

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.process.send_signal(2)  # fast shutdown
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)
