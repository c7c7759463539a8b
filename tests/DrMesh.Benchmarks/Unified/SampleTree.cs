using System.Globalization;
using System.Text;

namespace DrMesh.Benchmarks.Unified;

/// <summary>
/// A tree as an application's uploads are: of its bytes a tenth in small files of 1 to 16 kB, three tenths in files of 64 to 512 kB, the rest in files of 4 to 16 MB; one half of the files is text,
/// the other does not compress. The same for the same size.
/// </summary>
internal sealed class SampleTree
{
    private readonly Random _random = new(20261124);
    private readonly string[] _words;
    private readonly string _directory;

    private SampleTree(string directory)
    {
        _directory = directory;
        _words = [.. Enumerable.Range(0, 4000).Select(_ => new string([.. Enumerable.Range(0, _random.Next(3, 11)).Select(_ => (char)('a' + _random.Next(26)))]))];
    }

    /// <summary>Its files, with their lengths.</summary>
    public List<(string Path, int Length)> Files { get; } = [];

    /// <summary>Bytes of all files.</summary>
    public long Bytes => Files.Sum(file => (long)file.Length);

    /// <summary>Writes one of about so many bytes.</summary>
    public static SampleTree Create(string directory, long bytes)
    {
        var tree = new SampleTree(directory);
        tree.Add("small", bytes / 10, 1_000, 16_000);
        tree.Add("medium", bytes * 3 / 10, 64_000, 512_000);
        tree.Add("large", bytes * 6 / 10, 4_000_000, 16_000_000);
        return tree;
    }

    /// <summary>Writes every so-manieth file anew, with other content of the same length.</summary>
    public void Change(int every)
    {
        for (var number = _random.Next(every); number < Files.Count; number += every)
        {
            File.WriteAllBytes(Files[number].Path, Content(number, Files[number].Length));
        }
    }

    private void Add(string kind, long bytes, int least, int most)
    {
        for (var number = 0; bytes > 0; number++)
        {
            var length = (int)Math.Min(bytes, _random.Next(least, most));
            var directory = Path.Combine(_directory, kind, (number / 200).ToString("000", CultureInfo.InvariantCulture));
            Directory.CreateDirectory(directory);
            var path = Path.Combine(directory, $"{number:00000}");
            File.WriteAllBytes(path, Content(number, length));
            Files.Add((path, length));
            bytes -= length;
        }
    }

    private byte[] Content(int number, int length)
    {
        var content = new byte[length];
        if (number % 2 == 0)
        {
            _random.NextBytes(content);
            return content;
        }

        for (var at = 0; at < length;)
        {
            var word = Encoding.ASCII.GetBytes(_words[_random.Next(_words.Length)] + " ");
            var taken = Math.Min(word.Length, length - at);
            word.AsSpan(0, taken).CopyTo(content.AsSpan(at));
            at += taken;
        }

        return content;
    }
}
