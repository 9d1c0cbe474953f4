import java.nio.file.Files
import java.nio.file.Path

Path project = Path.of(request.outputDirectory, request.artifactId)
String kind = request.properties.getProperty('kind')
String agentType = request.properties.getProperty('agentType')
String agentClass = request.properties.getProperty('agentClass')

// A template says in its name for which kind it is.
def templates = []
project.resolve('src').toFile().eachFileRecurse { file ->
    def template = file.name =~ /(.+\.java)\.(transformer|source|action)/
    if (template.matches()) {
        templates << [file: file, name: template.group(1), kind: template.group(2)]
    }
}

// In batch mode the generator does not check what archetype-metadata.xml says of the parameters.
def wrong = []
if (!(kind in ['transformer', 'source', 'action'])) {
    wrong << "kind '$kind' is none: say -Dkind=transformer, -Dkind=source or -Dkind=action"
}
if (!(agentType ==~ /[a-z][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)*/)) {
    wrong << "agentType '$agentType' is not valid: say -DagentType= with lower-case words joined by dots, e.g. http.request"
}
if (!(agentClass ==~ /[A-Z][A-Za-z0-9]*/)) {
    wrong << "agentClass '$agentClass' is not valid: say -DagentClass= with the name of a class, e.g. HttpRequest"
}
if (wrong) {
    // Takes back what was written, so that the same folder can be used again, and nothing else that may be in it.
    templates.each { it.file.delete() }
    ['pom.xml', 'README.md', 'gitignore'].each { Files.deleteIfExists(project.resolve(it)) }
    def folders = []
    project.toFile().eachDirRecurse { folders << it }
    (folders.reverse() + project.toFile()).each { if (!it.list()) it.delete() }
    throw new IllegalArgumentException(wrong.join('; '))
}

templates.each {
    if (it.kind == kind) {
        it.file.renameTo(new File(it.file.parentFile, it.name))
    } else {
        it.file.delete()
    }
}
// Under its own name the build of an archetype leaves it out.
Files.move(project.resolve('gitignore'), project.resolve('.gitignore'))
