# A room is one folder under core/ and one static library. Its headers are reached as "room/file.h",
# and only by targets that link it: each room has an include root of its own that holds nothing but
# a link to itself, so a forbidden include does not compile.
#
#   coldframe_room(engine SOURCES pool.cpp engine.cpp USES model PUBLIC lib PRIVATE lib PRECOMPILE <map>)
function(coldframe_room name)
    cmake_parse_arguments(ROOM "" "" "SOURCES;USES;PUBLIC;PRIVATE;PRECOMPILE" ${ARGN})
    set(root ${PROJECT_BINARY_DIR}/rooms/${name})
    file(MAKE_DIRECTORY ${root})
    file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR} ${root}/${name} SYMBOLIC)
    list(TRANSFORM ROOM_USES PREPEND coldframe_)
    if(ROOM_SOURCES)
        add_library(coldframe_${name} STATIC ${ROOM_SOURCES})
        target_include_directories(coldframe_${name} PUBLIC ${root})
        target_link_libraries(coldframe_${name}
            PUBLIC ${ROOM_USES} ${ROOM_PUBLIC}
            PRIVATE project_warnings ${ROOM_PRIVATE})
        set_target_properties(coldframe_${name} PROPERTIES AUTOMOC OFF POSITION_INDEPENDENT_CODE ON)
        coldframe_unity(coldframe_${name})
        if(ROOM_PRECOMPILE)
            coldframe_precompile(coldframe_${name} ${ROOM_PRECOMPILE})
        endif()
    else()
        add_library(coldframe_${name} INTERFACE)
        target_include_directories(coldframe_${name} INTERFACE ${root})
        target_link_libraries(coldframe_${name} INTERFACE ${ROOM_USES} ${ROOM_PUBLIC})
    endif()
endfunction()
